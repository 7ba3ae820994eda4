// The modules with the extension's sentences, in one module, for the tests of these sentences in another language.
export * from '../../src/core/base/config.js';
export * from '../../src/core/invoice/values/values.js';
export * from '../../src/core/tally/xml/xmlElement.js';
export * from '../../src/core/warehouse/warehouseError.js';
export * from '../../src/extension/settings/configFrom.js';
export * from '../../src/extension/notices/buttons.js';
export * from '../../src/extension/notices/errorWords.js';
export * from '../../src/extension/view/runWords.js';
export * from '../../src/extension/view/warehouseWords.js';
export * from '../../src/extension/pages/coverage/coverageWords.js';
