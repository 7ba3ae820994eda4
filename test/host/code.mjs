#!/usr/bin/env node
// Stands in for the `code` executable where no desktop VS Code can be had: see launch.ts.
import { createRequire } from 'node:module';
import { register } from 'tsx/cjs/api';

register();
createRequire(import.meta.url)('./launch.ts');
