// Preloaded into the process under measurement: leaves its peak resident memory (KB) in a file when it ends.
const fs = require('node:fs');
process.on('exit', () => fs.writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)));
