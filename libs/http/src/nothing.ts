import type { PipeTransform } from '@nestjs/common';
import { Problem } from '#libs/protocol';
import { unknownField, wrongFields } from './wrong-fields.ts';

/** For a route that takes no fields: lets through no body or an empty object, and names whatever else was sent. */
export class Nothing implements PipeTransform<unknown, undefined> {
  transform(body: unknown): undefined {
    if (body === undefined) return;
    if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Problem('bad_request', 'Send no body, or {}.');
    const fields = Object.keys(body);
    if (fields.length > 0) throw wrongFields(fields.map(unknownField));
  }
}
