/** Stands for packages that Pulumi's SDK loads for dynamic resources of programs: no test serializes one in its own process. */
module.exports = {};
