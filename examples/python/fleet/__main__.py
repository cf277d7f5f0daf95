import pulumi
import pulumi_proxies_sx as proxies

config = pulumi.Config()
countries = config.get_object("countries") or ["DE", "DE", "GB"]

ports = [
    proxies.Port(f"scraper-{number}", country=country, expires_in="30d", renew_before="3d")
    for number, country in enumerate(countries, start=1)
]

for number, port in enumerate(ports, start=1):
    proxies.RotationSettings(f"scraper-{number}-rotation", port=port.id, interval_seconds=1800)

pulumi.export("httpUrls", [port.http_url for port in ports])
