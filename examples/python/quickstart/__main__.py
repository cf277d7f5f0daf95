import pulumi
import pulumi_proxies_sx as proxies

config = pulumi.Config()

port = proxies.Port("scraper", country="DE", expires_in="30d", renew_before="3d")

proxies.RotationSettings("scraper-rotation", port=port.id, interval_seconds=1800)

login = proxies.Credentials(
    "scraper-login",
    port=port.id,
    proxy_login="scraper",
    proxy_password=config.require_secret("proxyPassword"),
)

proxies.OsFingerprint("scraper-os", port=port.id, os_fingerprint="windows:1")

pulumi.export("httpUrl", login.http_url)
pulumi.export("country", port.country_code)
pulumi.export("renewAt", port.renew_at)
