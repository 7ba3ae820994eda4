import { workerData } from 'node:worker_threads';
import { type Language, speak } from './language.js';

speak((workerData as { language: Language }).language);
