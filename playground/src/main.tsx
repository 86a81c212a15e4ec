import { render } from 'preact';

import { App } from './components/app.tsx';
import { followLocale, locale } from './i18n/locale.ts';
import { loadCatalog } from './state/catalog.ts';
import { watchConnection } from './state/connection.ts';
import { followPersona } from './state/persona-preview.ts';
import { loadSample } from './state/samples.ts';
import { followTheme } from './state/theme.ts';
import { followTrim } from './state/trim-preview.ts';

followLocale();
followTheme();
followPersona();
followTrim();
watchConnection(loadCatalog);
void loadSample(locale.value === 'ja' ? 'kaigi' : 'launch');

const place = document.querySelector('#app');
if (place !== null) render(<App />, place);
