package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
	proxies "pulumi-proxies-sx/sdk/go/proxiessx"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")
		size := settings.GetInt("size")
		if size == 0 {
			size = 3
		}
		country := settings.Get("country")
		if country == "" {
			country = "DE"
		}
		fleet, err := proxies.NewProxyFleet(ctx, "scraper", &proxies.ProxyFleetArgs{
			Size: size,
			Locations: []proxies.FleetLocationArgs{
				{Country: country, Weight: pulumi.Float64Ref(2)},
				{Country: "GB"},
			},
			Lease: proxies.FleetLeaseArgs{
				ExpiresIn:   pulumi.String("30d"),
				RenewBefore: pulumi.String("3d"),
			},
			Rotation: proxies.FleetRotationArgs{IntervalSeconds: pulumi.Int(1800)},
		})
		if err != nil {
			return err
		}
		ctx.Export("httpUrls", fleet.HttpUrls)
		return nil
	})
}
