// Runs measured for Prometheus, and the page summed up: percentiles, retries, errors, budgets.
import { Chain } from 'katamari';
import { local } from 'katamari/local';
import { renderSummary, summarisePage } from 'katamari/log';
import { prometheus } from 'katamari/prometheus';

const metrics = prometheus();
const chain = new Chain({ provider: local(), name: 'support', observers: [metrics] });
for (const content of ['When does the freeze begin?', '凍結はいつからですか。'])
  await chain.stream({ messages: [{ role: 'user', content }] }).result();

const page = await metrics.metrics(); // what GET /metrics shows
console.log(page.split('\n').find((line) => line.startsWith('katamari_requests_total')));
console.log(renderSummary(summarisePage(page)));
