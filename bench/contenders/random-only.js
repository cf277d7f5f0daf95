/** As many RandomIds as the environment says: the floor that the engine sets, with a provider written in Go. */
const random = require("@pulumi/random");
const count = Number(process.env.BENCH_COUNT);
for (let index = 0; index < count; index += 1) new random.RandomId(`id-${index}`, { byteLength: 8 });
