import type { PipeTransform } from '@nestjs/common';
import type { Problem } from '#libs/protocol';

/** An id in an address: what cannot be one names nothing, so it is not found rather than wrong. */
export class PathId implements PipeTransform<string, string> {
  constructor(
    private readonly form: RegExp,
    private readonly notFound: () => Problem,
  ) {}

  transform(id: string): string {
    if (!this.form.test(id)) throw this.notFound();
    return id;
  }
}
