/** Programs as users write them. All make the same: a port, its rotation and its login. */

export const PASSWORD = "canary-password";

const resources = `
const port = new proxies.Port("port", { country: "DE", expiresIn: "30d" });
new proxies.RotationSettings("rotation", { port, intervalSeconds: 1800 });
const proxyPassword = pulumi.secret("${PASSWORD}");
const login = new proxies.Credentials("login", { port, proxyLogin: "team-a", proxyPassword });
`;

/** TypeScript or, as nothing in it is typed, JavaScript in an ES module. */
export const WITH_IMPORT = `import * as pulumi from "@pulumi/pulumi";
import * as proxies from "pulumi-proxies-sx";
${resources}
export const httpUrl = login.httpUrl;
`;

/** Each export by its name, as Node must find it in a CommonJS module without running it. */
export const WITH_NAMED_IMPORTS = `import * as pulumi from "@pulumi/pulumi";
import { Credentials, Port, RotationSettings } from "pulumi-proxies-sx";
const proxies = { Credentials, Port, RotationSettings };
${resources}
export const httpUrl = login.httpUrl;
`;

export const WITH_REQUIRE = `const pulumi = require("@pulumi/pulumi");
const proxies = require("pulumi-proxies-sx");
${resources}
exports.httpUrl = login.httpUrl;
`;

/** TypeScript that uses the types of every part of the package. */
export const WITH_TYPES = `import * as api from "pulumi-proxies-sx/api";
import { type Emulator, type PortEdit } from "pulumi-proxies-sx/emulator";
${WITH_IMPORT}
const args: proxies.PortArgs = { country: "DE", expiresIn: 3600, slotType: "private", onExpired: "keep" };
const ofApi = async (client: api.Api): Promise<api.Port[]> => client.ports.list();
const ofEmulator = ({ control }: Emulator, edit: PortEdit): string[] => [...control.ports().map(({ id }) => id), typeof edit];
export const typed: string[] = [args, ofApi, ofEmulator, api.createApi].map((value) => typeof value);
`;

/** The tsconfig.json that Pulumi's template for TypeScript had before nodenext. */
export const OLDER_TSCONFIG = `{
    "compilerOptions": {
        "strict": true,
        "outDir": "bin",
        "target": "es2020",
        "module": "commonjs",
        "moduleResolution": "node",
        "sourceMap": true,
        "experimentalDecorators": true,
        "pretty": true,
        "noFallthroughCasesInSwitch": true,
        "noImplicitReturns": true,
        "forceConsistentCasingInFileNames": true
    },
    "files": [
        "index.ts"
    ]
}
`;
