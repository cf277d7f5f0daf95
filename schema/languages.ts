/**
 * What the generators of SDKs are given: `pulumi package add`, and `npm run sdks`. Node has none of them: its classes are
 * in `sdk/`.
 */
export const LANGUAGES = {
  python: { packageName: "pulumi_proxies_sx", pyproject: { enabled: true }, respectSchemaVersion: true },
  go: {
    importBasePath: "pulumi-proxies-sx/sdk/go/proxiessx",
    respectSchemaVersion: true,
    // Lists of resources, as a component may have.
    generateResourceContainerTypes: true,
  },
} as const;
