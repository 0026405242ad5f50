#!/usr/bin/env node
require('tsx/cjs');
require('./forge.ts');
