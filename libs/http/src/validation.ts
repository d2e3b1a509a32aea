import { type ArgumentMetadata, ValidationPipe, type ValidationError } from '@nestjs/common';
import { Problem } from '#libs/protocol';
import { type WrongField, unknownField, wrongFields } from './wrong-fields.ts';

/** No request of ours is as deep. Deeper ones would exhaust the stack of those that read them by recursion. */
const DEEPEST = 16;

/** Checks our own requests: unknown fields are refused, and the answer names the fields that are wrong. */
export function validation(): ValidationPipe {
  return new Validation({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => wrongFields(errors.flatMap((error) => named(error, ''))),
  });
}

class Validation extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.metatype && this.toValidate(metadata)) checkShape(value, []);
    return super.transform(value, metadata);
  }
}

/** What the validator itself does not see: it skips fields that are named like an object's own methods. */
function checkShape(value: unknown, path: readonly string[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (path.length === DEEPEST) throw new Problem('bad_request', `The request is nested more than ${DEEPEST} deep.`);
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, key];
    if (key in Object.prototype) throw wrongFields([unknownField(at.join('.'))]);
    checkShape(inner, at);
  }
}

function named(error: ValidationError, path: string): WrongField[] {
  const field = path ? `${path}.${error.property}` : error.property;
  const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) =>
    constraint === 'whitelistValidation' ? unknownField(field) : { field, message: path ? `${path}.${message}` : message },
  );
  return [...own, ...(error.children ?? []).flatMap((child) => named(child, field))];
}
