// A provider is an object with an async generator; this one shouts back.
import { Chain, completedEvent, labelsOf, textOf, type Provider } from 'katamari';

const echo: Provider = {
  name: 'echo',
  model: 'echo-1',
  isLanguageModel: false,
  async *generate({ messages }, context) {
    const labels = labelsOf(context);
    const words = messages.flatMap((message) => textOf(message).split(/(?<=\s)/));
    for (const word of words) {
      context.signal.throwIfAborted();
      yield [{ type: 'token', ...labels, text: word.toUpperCase() }];
    }
    yield [
      completedEvent(labels, {
        finishReason: 'stop',
        usage: { token_in: words.length, token_out: words.length },
      }),
    ];
  },
};

const run = new Chain({ provider: echo }).stream({
  messages: [{ role: 'user', content: 'hello out there' }],
});
console.log((await run.result()).text);
