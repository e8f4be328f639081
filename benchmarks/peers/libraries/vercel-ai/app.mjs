import { OpenTelemetry } from '@ai-sdk/otel';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { registerTelemetry } from 'ai';

const sdk = new NodeSDK();
sdk.start();
registerTelemetry(
  new OpenTelemetry({
    enrichSpan: ({ runtimeContext }) => ({
      'user.id': runtimeContext?.userId,
      'session.id': runtimeContext?.sessionId,
    }),
  }),
);

import { openai } from '@ai-sdk/openai';
import { generateText, isStepCount, streamText, tool } from 'ai';
import { z } from 'zod';

const traced = {
  runtimeContext: { userId: 'u-7', sessionId: 's-42' },
  telemetry: { functionId: 'guide', includeRuntimeContext: { userId: true, sessionId: true } },
};

const prompt = 'How is the weather in Paris?';
const get_weather = tool({
  description: 'The weather in a city',
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `It is sunny in ${city}.`,
});
for (const model of [openai.chat('gpt-4o-mini'), openai('gpt-4o-mini')]) {
  await generateText({ model, prompt, tools: { get_weather }, stopWhen: isStepCount(3), ...traced });
  await streamText({ model, prompt, ...traced }).consumeStream();
}

await sdk.shutdown();
