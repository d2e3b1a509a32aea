import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020 } from 'ajv/dist/2020.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Schema = Record<string, unknown>;
type Media = { schema: Schema; examples?: Record<string, { value: unknown }> };

export interface DocumentedRequest {
  title: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As published, with its parameters in braces. */
  path: string;
  url: string;
  headers: Record<string, string>;
  payload?: object;
}

/** The document as it is served. */
export async function readDocument(app: NestFastifyApplication): Promise<OpenAPIObject> {
  return (await app.inject('/openapi.json')).json<OpenAPIObject>();
}

/**
 * The requests that the document shows: for each operation one per named example and one made of its fields' own examples, or one
 * without a body; parameters are filled from their examples.
 */
export function documentedRequests(document: OpenAPIObject): DocumentedRequest[] {
  return operations(document).flatMap(({ verb, path, operation }) => {
    const parameters = (operation.parameters ?? []) as { in: string; name: string; schema: Schema }[];
    const given = parameters
      .filter(({ schema }) => 'example' in schema)
      .map((p) => ({ in: p.in, name: p.name, value: String(p.schema.example) }));
    const filled = given.reduce((url, p) => (p.in === 'path' ? url.replace(`{${p.name}}`, p.value) : url), path);
    const query = new URLSearchParams(given.filter((p) => p.in === 'query').map((p) => [p.name, p.value])).toString();
    const headers = Object.fromEntries(given.filter((p) => p.in === 'header').map((p) => [p.name.toLowerCase(), p.value]));
    const method = verb.toUpperCase() as DocumentedRequest['method'];
    const request = { title: `${method} ${path}`, method, path, url: query ? `${filled}?${query}` : filled, headers };
    const media = bodyOf(operation);
    if (!media) return [request];
    const bodies = { ...media.examples, fields: { value: exampleOf(document, media.schema) } };
    return Object.entries(bodies).map(([name, { value }]) => ({
      ...request,
      title: `${request.title}, ${name}`,
      payload: value as object,
    }));
  });
}

/** How an answer differs from what the document promises; nothing when it does not. */
export function misfits(
  document: OpenAPIObject,
  request: Pick<DocumentedRequest, 'method' | 'path'>,
  answer: { statusCode: number; headers: Record<string, unknown>; body: string },
): string[] {
  const found = operations(document).find(({ verb, path }) => verb === request.method.toLowerCase() && path === request.path);
  const response = found?.operation.responses[answer.statusCode] as { description: string; content?: Record<string, Media> } | undefined;
  if (!response) return [`${answer.statusCode} is not documented: ${answer.body}`];
  if (!response.content) return answer.body === '' ? [] : ['a body is not documented'];
  const type = String(answer.headers['content-type']).split(';')[0] ?? '';
  const schema = response.content[type]?.schema;
  if (!schema) return [`${type} is not documented`];
  const body = JSON.parse(answer.body) as { code?: string };
  const unnamed = type === 'application/problem+json' && !response.description.includes(`\`${body.code}\``);
  return unnamed ? [`${body.code} is not documented`] : check(document, schema, body);
}

/** What a route may answer whatever it does, and does not say: that the store is away, and what is wrong with a body. */
export function leftOut(document: OpenAPIObject): string[] {
  const always = ['`unavailable`'];
  const ofBodies = [...always, '`bad_request`', '`invalid_json`', '`payload_too_large`', '`unsupported_media_type`'];
  return operations(document)
    .filter(({ path }) => path.startsWith('/v1/'))
    .flatMap(({ verb, path, operation }) => {
      const said = JSON.stringify(operation.responses);
      return (verb === 'post' || verb === 'patch' ? ofBodies : always)
        .filter((code) => !said.includes(code))
        .map((code) => `${verb.toUpperCase()} ${path}: ${code}`);
    });
}

/** Examples that are not what their own schema says. */
export function wrongExamples(document: OpenAPIObject): string[] {
  const wrong: string[] = [];
  JSON.stringify(document, (key, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    if ('example' in part && key !== 'properties') {
      const { example, ...schema } = part as Schema;
      wrong.push(...check(document, schema, example).map((trouble) => `${key}: ${trouble}`));
    }
    if ('schema' in part && 'examples' in part) {
      const { schema, examples = {} } = part as Media;
      for (const [name, { value }] of Object.entries(examples))
        wrong.push(...check(document, schema, value).map((trouble) => `${name}: ${trouble}`));
    }
    return part;
  });
  return wrong;
}

function operations(document: OpenAPIObject): { verb: string; path: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    (['get', 'post', 'patch', 'delete'] as const).flatMap((verb) => (item[verb] ? [{ verb, path, operation: item[verb] }] : [])),
  );
}

const bodyOf = (operation: Operation): Media | undefined =>
  (operation.requestBody as { content: Record<string, Media> } | undefined)?.content['application/json'];

function exampleOf(document: OpenAPIObject, schema: Schema): unknown {
  if ('example' in schema) return schema.example;
  const reference = (schema.$ref ?? (schema.allOf as Schema[] | undefined)?.[0]?.$ref) as string | undefined;
  const name = reference?.replace('#/components/schemas/', '');
  if (name !== undefined) return exampleOf(document, document.components?.schemas?.[name] as Schema);
  if (schema.type === 'array') return [exampleOf(document, schema.items as Schema)];
  if (schema.type !== 'object') return undefined;
  return Object.fromEntries(
    Object.entries(schema.properties as Record<string, Schema>).map(([key, field]) => [key, exampleOf(document, field)]),
  );
}

// One for all: each compiles the schema of schemas anew, which takes longer than our own.
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });

/** By the schema, and without a field that the schema does not name. */
function check(document: OpenAPIObject, schema: Schema, value: unknown): string[] {
  const closed = JSON.parse(JSON.stringify({ components: document.components, ...schema }), (key, part: unknown) =>
    typeof part === 'object' && part !== null && 'properties' in part && key !== 'properties'
      ? { ...part, additionalProperties: false }
      : part,
  ) as Schema;
  ajv.validate(closed, value);
  return (ajv.errors ?? []).map(({ instancePath, message, params }) => `${instancePath || 'it'} ${message} ${JSON.stringify(params)}`);
}
