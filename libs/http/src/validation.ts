import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { Problem } from '#libs/protocol';

/** Checks our own requests: unknown fields are refused, and the answer names every field that is wrong. */
export function validation(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => {
      const fields = errors.flatMap((error) => named(error, ''));
      return new Problem('bad_request', fields.map((f) => f.message).join('; ') || 'The request is not valid.', fields);
    },
  });
}

function named(error: ValidationError, path: string): { field: string; message: string }[] {
  const field = path ? `${path}.${error.property}` : error.property;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ field, message: path ? `${path}.${message}` : message }));
  return [...own, ...(error.children ?? []).flatMap((child) => named(child, field))];
}
