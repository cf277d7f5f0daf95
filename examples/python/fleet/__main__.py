import pulumi
import pulumi_proxies_sx as proxies

config = pulumi.Config()

fleet = proxies.ProxyFleet(
    "scraper",
    size=config.get_int("size") or 3,
    locations=[
        proxies.FleetLocationArgs(country=config.get("country") or "DE", weight=2),
        proxies.FleetLocationArgs(country="GB"),
    ],
    lease=proxies.FleetLeaseArgs(expires_in="30d", renew_before="3d"),
    rotation=proxies.FleetRotationArgs(interval_seconds=1800),
)

pulumi.export("httpUrls", fleet.http_urls)
