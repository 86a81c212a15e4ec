import { scriptedProvider } from 'katamari/testing';
import { expect, it } from 'vitest';

import { describeInBrowser } from './support/browser.ts';
import { ask, phase, untilStatus, useOneCall } from './support/screen.ts';
import { startScripted } from './support/start-playground.ts';

const attack = `[a link](https://example.com/ "kept") and **bold** text.

<script>window.hacked = 1</script>
<img src=x onerror="window.hacked = 2">
<svg onload="window.hacked = 3"><animate onbegin="window.hacked = 4"/></svg>
<a href="javascript:window.hacked = 5" onclick="window.hacked = 6">one</a>
[two](javascript:window.hacked=7) [three](data:text/html,<script>window.hacked=8</script>)
![four](http://127.0.0.1:9/leak.png) <iframe srcdoc="<script>parent.hacked = 9</script>"></iframe>
<form action="/v1/runs" method="post"><input name=a autofocus onfocus="window.hacked = 10"></form>
<style>body { display: none }</style><math><mtext><table><mglyph><style><img src onerror="window.hacked = 11">
<div id="app" class="dialog" style="position:fixed;inset:0">five</div>
`;

describeInBrowser('text of a model', (open) => {
  it('runs nothing, loads nothing and links nowhere but openly, streamed or whole', async () => {
    const pieces = attack.match(/[^]{1,9}/g) ?? [];
    await using server = await startScripted(scriptedProvider([{ text: pieces, delayMs: 2 }]));
    const { page, problems, requests } = await open(server.url);
    await useOneCall(page);
    await ask(page, '<img src=x onerror="window.hacked = 12">');
    await untilStatus(page, 'done');
    const answer = phase(page, 'answer').locator('.prose');
    expect(await answer.locator('strong').textContent()).toBe('bold');
    expect(await answer.textContent()).toContain('<script>window.hacked = 1</script>');
    expect(
      await answer.evaluate((element) => [
        ...new Set([...element.querySelectorAll('*')].map(({ localName }) => localName)),
      ]),
    ).toSatisfy((names: string[]) => names.every((name) => ['p', 'br', 'a', 'strong'].includes(name)));
    expect(
      await answer.evaluate((element) =>
        [...element.querySelectorAll('*')].flatMap(({ attributes }) =>
          [...attributes].map(({ name }) => name),
        ),
      ),
    ).toSatisfy((names: string[]) =>
      names.every((name) => ['href', 'title', 'target', 'rel'].includes(name)),
    );
    const links = await answer
      .locator('a[href]')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links).toEqual(['https://example.com/']);
    for (const link of await answer.locator('a').all())
      await link.dispatchEvent('click', {}, { timeout: 1000 }).catch(() => undefined);
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
    expect(new Set(requests.map((url) => new URL(url).origin))).toEqual(new Set([server.url]));
    expect(problems).toEqual([]);
  });

  it('is kept out by the policy too, where the sanitiser were to fail', async () => {
    await using server = await startScripted(scriptedProvider(['Hello.']));
    const { page } = await open(server.url);
    const outcome = await page.evaluate(async () => {
      const violations: string[] = [];
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
        violations.push(effectiveDirective),
      );
      const image = document.createElement('img');
      image.src = 'http://127.0.0.1:9/leak.png';
      document.body.append(image);
      let trusted = 'allowed';
      try {
        document.body.innerHTML += '<b>no</b>';
      } catch (error) {
        trusted = error instanceof TypeError ? 'refused' : String(error);
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
      return { violations, trusted };
    });
    expect(outcome.trusted).toBe('refused');
    expect(outcome.violations).toEqual(expect.arrayContaining(['img-src', 'require-trusted-types-for']));
  });
});
