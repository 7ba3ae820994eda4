// The modules with the core's sentences, in one module, for the tests of these sentences in another language.
export * from '../../src/core/report/describeComparison.js';
export * from '../../src/core/report/describeDryRun.js';
export * from '../../src/core/report/describeExport.js';
export * from '../../src/core/report/describeRejects.js';
export * from '../../src/core/report/describeResult.js';
export * from '../../src/core/report/fieldTitles.js';
export * from '../../src/core/jobs/load/prove/guard.js';
export * from '../../src/core/report/remarks/describeRemark.js';
