import { loadPersona } from 'katamari/node';
// A persona from a YAML file, compiled to the prompt a model sees.
import { compilePersona } from 'katamari/persona';

const engineer = await loadPersona('katamari/personas/concise-engineer.yaml');
console.log(compilePersona(engineer));
