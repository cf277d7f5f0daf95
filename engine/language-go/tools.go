//go:build tools

// Package tools pins the host of Go programs: v3.48.0 is the last release of the SDK module that holds it.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go"
