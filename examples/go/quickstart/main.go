package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
	proxies "pulumi-proxies-sx/sdk/go/proxiessx"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		port, err := proxies.NewPort(ctx, "scraper", &proxies.PortArgs{
			Country:     pulumi.String("DE"),
			ExpiresIn:   pulumi.String("30d"),
			RenewBefore: pulumi.String("3d"),
		})
		if err != nil {
			return err
		}
		if _, err := proxies.NewRotationSettings(ctx, "scraper-rotation", &proxies.RotationSettingsArgs{
			Port:            port.ID(),
			IntervalSeconds: pulumi.Int(1800),
		}); err != nil {
			return err
		}
		login, err := proxies.NewCredentials(ctx, "scraper-login", &proxies.CredentialsArgs{
			Port:          port.ID(),
			ProxyLogin:    pulumi.String("scraper"),
			ProxyPassword: config.RequireSecret(ctx, "proxyPassword"),
		})
		if err != nil {
			return err
		}
		if _, err := proxies.NewOsFingerprint(ctx, "scraper-os", &proxies.OsFingerprintArgs{
			Port:          port.ID(),
			OsFingerprint: pulumi.String("windows:1"),
		}); err != nil {
			return err
		}
		ctx.Export("httpUrl", login.HttpUrl)
		ctx.Export("country", port.CountryCode)
		ctx.Export("renewAt", port.RenewAt)
		return nil
	})
}
