import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** Names of the two keys in the published document, for `@ApiBearerAuth`. */
export const PLATFORM_KEY = 'platformKey';
export const ADMIN_KEY = 'adminKey';

/** The OpenAPI document of all routes of the application. */
function openApiDocument(app: INestApplication, { version }: { version: string }): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Cobridge')
    .setDescription('The open cobrowse bridge: a conversation becomes a shared screen. What pages say over Socket.IO is in /asyncapi.json.')
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'opaque',
        description: 'A platform key of the account in the address, or the admin key.',
      },
      PLATFORM_KEY,
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'opaque', description: 'The admin key.' }, ADMIN_KEY)
    .build();
  return SwaggerModule.createDocument(app, base, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '').toLowerCase()}.${method}`,
  });
}

/** Serves the document at `/openapi.json` and as pages to read and try at `/docs`. Call it before the application is initialised. */
export function serveOpenApi(app: INestApplication, options: { version: string }): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app, options), {
    raw: ['json'],
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Cobridge API',
  });
}
