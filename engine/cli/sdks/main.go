// Command sdks writes the SDKs of other languages that Pulumi's own generators make of a plugin's schema:
// `sdks <schema.json> <folder>` fills <folder>/python and <folder>/go.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	gen_go "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "pulumi-proxies-sx"

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: sdks <schema.json> <folder>")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(file, folder string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	// Each generator gets a package of its own: it puts what it reads of its language into it.
	forPython, err := bind(text)
	if err != nil {
		return err
	}
	files, err := python.GeneratePackage(tool, forPython, nil, nil)
	if err != nil {
		return fmt.Errorf("python: %w", err)
	}
	// The generator puts it where its own pyproject.toml does not look for it.
	files["README.md"] = files[filepath.Join("pulumi_proxies_sx", "README.md")]
	if err := write(filepath.Join(folder, "python"), files); err != nil {
		return err
	}
	forGo, err := bind(text)
	if err != nil {
		return err
	}
	files, err = gen_go.GeneratePackage(tool, forGo, nil)
	if err != nil {
		return fmt.Errorf("go: %w", err)
	}
	return write(filepath.Join(folder, "go"), files)
}

func bind(text []byte) (*schema.Package, error) {
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if len(diagnostics) > 0 {
		return nil, diagnostics
	}
	return pkg, nil
}

func write(folder string, files map[string][]byte) error {
	for name, text := range files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
