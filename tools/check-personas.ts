/** Checks persona files: `npm run persona:check -- FOLDER|FILE …`. One line per file; exit code 1 when one cannot be read or has a finding. */
import { statSync } from 'node:fs';

import { isKatamariError, type Persona } from 'katamari';
import { loadPersona, loadPersonas } from 'katamari/node';
import { findPersonaIssues } from 'katamari/persona';

async function read(path: string): Promise<Persona[]> {
  if (statSync(path).isDirectory()) return [...(await loadPersonas(path)).values()];
  return [await loadPersona(path)];
}

function report(persona: Persona): void {
  const issues = findPersonaIssues(persona);
  console.log(`${persona.name}: ${issues.length === 0 ? 'ok' : `${issues.length} findings`}`);
  for (const { path, message } of issues) console.log(`  ${path} ${message}`);
  if (issues.length > 0) process.exitCode = 1;
}

const paths = process.argv.slice(2);
for (const path of paths.length > 0 ? paths : ['personas']) {
  try {
    (await read(path)).forEach(report);
  } catch (error) {
    console.error(isKatamariError(error) ? error.message : String(error));
    process.exitCode = 1;
  }
}
