import { readFileSync } from 'node:fs';

import { startProvider, type ProviderMood } from '../servers/misbehaving-provider.ts';
import { startProxy, type ProxyHabit } from '../servers/misbehaving-proxy.ts';
import { startRedis } from '../servers/redis-server.ts';
import { freePort, startServed } from '../servers/served.ts';

type Environment = Readonly<Record<string, string>>;

/** Where the commands of a section are run: what is up, and what the operator's variables say. */
export class Scene implements AsyncDisposable {
  variables: Environment = {};
  readonly #closers: (() => Promise<unknown>)[] = [];

  /** Adds variables of the operator. */
  say(variables: Environment): void {
    this.variables = { ...this.variables, ...variables };
  }

  /** What is closed with the scene, in reverse order. */
  keep<T extends { close(): Promise<unknown> }>(thing: T): T {
    this.#closers.unshift(() => thing.close());
    return thing;
  }

  /** The service under watch. */
  async serve(environment: Environment = {}, stderr?: string): Promise<string> {
    const { url, log } = this.keep(await startServed(environment, stderr));
    this.say({ KATAMARI: url, LOG: log });
    return url;
  }

  /** A proxy in front of it. */
  async proxy(habit: ProxyHabit, mood: ProviderMood = 'well'): Promise<void> {
    const url = await this.serve(await this.asked(mood));
    const proxy = this.keep(await startProxy(url, habit));
    this.say({ PUBLIC: proxy.url });
  }

  /** A provider in that mood, and the settings that make it the one that answers. */
  async asked(mood: ProviderMood): Promise<Environment> {
    return { ...(await this.known(mood)), KATAMARI_PROVIDER: 'openai', KATAMARI_MODEL: 'gpt-5-mini' };
  }

  /** A provider in that mood, and the settings by which it is known. */
  async known(mood: ProviderMood): Promise<Environment> {
    const { url } = this.keep(await startProvider(mood));
    return { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: `${url}/v1` };
  }

  /** A port and a log for a service that the commands start themselves. */
  async place(): Promise<void> {
    const port = await freePort();
    this.say({ PORT: String(port), KATAMARI: `http://127.0.0.1:${port}`, LOG: '/dev/null' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers) await close();
  }
}

/** How a section is set up. What `set` gives is done before each of its scripts, in turn. */
export interface SceneMaker {
  readonly needsRedis?: boolean;
  readonly set: (scene: Scene) => Promise<readonly ((() => Promise<unknown>) | undefined)[]>;
}

/** A service that asks a provider in that mood. */
function askedScene(mood: ProviderMood, environment: Environment = {}): SceneMaker {
  return {
    async set(scene) {
      await scene.serve({ ...(await scene.asked(mood)), ...environment });
      return [];
    },
  };
}

/** By the headings of the runbook. */
export const scenes: Readonly<Record<string, SceneMaker>> = {
  Run: {
    async set(scene) {
      await scene.place();
      return [];
    },
  },
  Watch: {
    async set(scene) {
      await scene.serve();
      return [];
    },
  },
  'Switch the provider': {
    async set(scene) {
      const known = await scene.known('well');
      await scene.serve(known);
      scene.say(known);
      return [undefined, () => scene.place()];
    },
  },
  'Streams break': {
    async set(scene) {
      await scene.proxy({ cutsAfterMs: 150 });
      return [];
    },
  },
  'Events come all at once': {
    async set(scene) {
      await scene.proxy('buffers');
      return [];
    },
  },
  'The first token is late': askedScene('slow'),
  'Retention is low': {
    async set(scene) {
      const url = await scene.serve();
      const long = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: readFileSync('docs/ops/long-probe.json', 'utf8'),
      };
      await (await fetch(`${url}/v1/runs`, long)).text();
      return [];
    },
  },
  'The provider limits the rate': askedScene('rate-limited'),
  'The provider is overloaded': askedScene('overloaded'),
  'This service is overloaded': {
    async set(scene) {
      const url = await scene.serve(await scene.asked('hanging'));
      const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }] });
      const headers = { 'content-type': 'application/json' };
      const ask = (): void => {
        void fetch(`${url}/v1/runs`, { method: 'POST', headers, body }).catch(() => undefined);
      };
      // Those that wait are turned away after ten seconds: on a busy machine the queue has to be filled up.
      const fill = async (): Promise<void> => {
        for (let missing = 200; missing > 0;) {
          for (let index = 0; index < missing; index++) ask();
          await new Promise((resolve) => setTimeout(resolve, 1000));
          const health = (await (await fetch(`${url}/healthz`)).json()) as {
            running: number;
            queued: number;
          };
          missing = 200 - health.running - health.queued;
        }
      };
      return [fill];
    },
  },
  'A key is refused': askedScene('unauthorized', { KATAMARI_API_KEYS: 'web:a-key-that-is-known' }),
  'The provider is down': {
    async set(scene) {
      const asked = await scene.asked('well');
      await scene.serve({ ...asked, OPENAI_BASE_URL: `http://127.0.0.1:${await freePort()}/v1` });
      return [];
    },
  },
  'The disk is full or gone': {
    async set(scene) {
      await scene.serve({}, '/dev/full');
      return [];
    },
  },
  'Redis is gone': {
    needsRedis: true,
    async set(scene) {
      const redis = scene.keep(await startRedis());
      await scene.serve({ KATAMARI_REDIS_URL: redis.url });
      return [() => redis.kill(), async () => scene.keep(await startRedis(redis.port))];
    },
  },
};
