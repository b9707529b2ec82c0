// Our service as `pain-cds serve` runs it (demo mode, one log line a request), on a free port and with a reporter.
import { createServer } from 'node:http';
import { readConfig } from '../dist/config.js';
import { wire } from '../dist/wire.js';
import { listenAndReport } from './report-cpu.js';

listenAndReport(createServer(wire(readConfig(process.env)).app));
