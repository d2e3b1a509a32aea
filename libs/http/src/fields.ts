import { Transform } from 'class-transformer';
import { Matches, ValidateBy, ValidateIf } from 'class-validator';

/** Text that can be stored, logged and shown as it is: 1 to `max` characters, no control characters, no broken surrogates. */
export const textPattern = (max = 255): RegExp => new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${max}}$`, 'u');

/** The field is text as `textPattern` has it. */
export function IsText(max = 255): PropertyDecorator {
  return Matches(textPattern(max), {
    message: `$property must be text of 1 to ${max} characters, without control characters`,
  });
}

/** The field is a whole number from `min` to `max`. */
export function IsWhole(min: number, max: number): PropertyDecorator {
  const validate = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
  return ValidateBy({ name: 'isWhole', validator: { validate } }, { message: `$property must be a whole number from ${min} to ${max}` });
}

/** A whole number of a query, written in digits only: `0x10`, `1e1` and ` 5` stay the text that they are, which `IsWhole` refuses. */
export function WrittenWhole(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value));
}

/** The field may be left out. Unlike with `IsOptional`, null is a value and is checked. */
export function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_request, value) => value !== undefined);
}
