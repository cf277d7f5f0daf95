/** As many resources of a provider written in Go that calls nothing: what the engine itself takes. */
const random = require("@pulumi/random");
const { PORTS, DUE } = process.env;
for (let n = 0; n < Number(PORTS) * 3; n += 1) {
  new random.RandomId(`id-${n}`, { byteLength: 8, keepers: { lease: DUE } });
}
