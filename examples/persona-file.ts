// A persona from a YAML file, compiled to the prompt a model sees.
import { compilePersona } from 'katamari';
import { loadPersona } from 'katamari/node';

const engineer = await loadPersona('katamari/personas/concise-engineer.yaml');
console.log(compilePersona(engineer));
