package main

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
	proxies "pulumi-proxies-sx/sdk/go/proxiessx"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		countries := []string{"DE", "DE", "GB"}
		if err := config.New(ctx, "").TryObject("countries", &countries); err != nil && !errors.Is(err, config.ErrMissingVar) {
			return err
		}
		urls := pulumi.Array{}
		for index, country := range countries {
			name := fmt.Sprintf("scraper-%d", index+1)
			port, err := proxies.NewPort(ctx, name, &proxies.PortArgs{
				Country:     pulumi.String(country),
				ExpiresIn:   pulumi.String("30d"),
				RenewBefore: pulumi.String("3d"),
			})
			if err != nil {
				return err
			}
			if _, err := proxies.NewRotationSettings(ctx, name+"-rotation", &proxies.RotationSettingsArgs{
				Port:            port.ID(),
				IntervalSeconds: pulumi.Int(1800),
			}); err != nil {
				return err
			}
			urls = append(urls, port.HttpUrl)
		}
		ctx.Export("httpUrls", urls)
		return nil
	})
}
