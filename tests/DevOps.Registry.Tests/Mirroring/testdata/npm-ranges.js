// node npm-ranges.js DIRECTORY-OF-THE-PACKAGE-semver > npm-ranges.txt
const semver = require(process.argv[2]);
const versions = ["0.0.0","0.0.1","0.0.3-rc.1","0.0.3","0.0.4","0.1.0","0.1.9","0.2.3-beta.2","0.2.3","0.2.9","0.3.0-0","0.3.0","1.0.0-alpha","1.0.0-alpha.1","1.0.0-rc.1","1.0.0","1.1.9","1.2.0-0","1.2.0-rc.1","1.2.0","1.2.3-alpha.10","1.2.3-alpha.9","1.2.3-beta","1.2.3","1.2.4-rc.1","1.2.4","1.3.0-rc.1","1.3.0","1.4.0-beta","1.4.0","1.4.9","1.5.0-alpha","1.5.0","1.9.9","1.99.0","2.0.0-0","2.0.0-beta","2.0.0","2.1.0","2.3.4-rc.1","2.3.4","2.3.5","2.4.0","3.0.0-rc.1","3.0.0","3.1.0","9.9.9"];
const signs = ["","=",">",">=","<","<=","^","~"];
const parts = ["*","x","1","1.x","1.X.*","0","0.x","0.0","0.2","1.2","1.2.x","1.4.*","0.0.3","0.2.3","1.2.3","1.0.0","2.0.0","v1.2.3","1.2.3-alpha.9","1.2.3-beta","0.2.3-beta.2","1.0.0-alpha","2.0.0-beta","0.0.3-rc.1"];
const ranges = [];
for (const s of signs) for (const p of parts) if (!((s === "<" || s === ">") && (p === "*" || p === "x"))) ranges.push(s + p);
for (const s of signs.slice(2)) ranges.push(s + " 1.2.3", s + "  1.2", s + " v1.4.0");
ranges.push(
 ">=1.2.0 <2.0.0", ">=1.2.0-rc.1 <1.4.0", ">=1.0.0-alpha <1.0.0", ">=1.4.0-beta <1.4", "^1.2.0 >=2.0.0-0", "~1.4.0 >1.4.0-beta", ">=2.0.0-0 <=1.x", "<2 >=2.0.0-beta", ">=1.2.3-alpha.9 <1.2.3-beta",
 "1.x || >=3.0.0", "^0.2 || ^1.4", "1.2.3 || 1.2.4-rc.1", ">=1.2.0 <1.3 || 2.3.x", "1.2.3||2.0.0", " 1.2.3  ||  >= 3 ",
 "1.2.3 - 2.3.4", "1.2 - 2.3.4", "1.2.3 - 2.3", "1.2.3 - 2", "1 - 2", "v1.2.3 - v2", "* - 2", "1.2 - *", "1.2.3-alpha.9 - 1.2.3", "1.2.0 - 1.4.0-beta", "1.x - 2.x", "0.0.1 - 0.2.3 || 2.0.0 - 2.3", "1.0.0 - 1.2.3 || ^3",
 "~>1.2", "~> 1.2.3");
console.log("# node-semver " + require(process.argv[2] + "/package.json").version + ": a range, then which of the versions in the first line satisfy it");
console.log("\t" + versions.join(" "));
for (const r of ranges) { let v = semver.validRange(r); console.log(r + "\t" + (v === null ? "invalid" : versions.filter(x => semver.satisfies(x, r)).join(" "))); }
