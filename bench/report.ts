/**
 * Writes what was measured into the documents: `docs/performance.md` whole, and the README's section between its marks. A test says when
 * they disagree with `results.json`.
 *
 *   npm run bench:report
 */
import { readFileSync, writeFileSync } from 'node:fs';

import { performanceDocument, readmeSection, withSection } from './render-report.ts';
import { readResults } from './results.ts';

const results = readResults();
writeFileSync('docs/performance.md', performanceDocument(results));
writeFileSync('README.md', withSection(readFileSync('README.md', 'utf8'), readmeSection(results)));
