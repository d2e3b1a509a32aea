import { ValidateBy } from 'class-validator';

/** The origin that a text names exactly, as a browser sends it, or null: `https://Shop.example:443` is `https://shop.example`. */
export function exactOrigin(text: unknown): string | null {
  if (typeof text !== 'string' || !/^https?:\/\/[^\s/\\?#@]{1,253}\/?$/i.test(text)) return null;
  const origin = URL.canParse(text) ? new URL(text).origin : '*';
  return origin.includes('*') ? null : origin;
}

export const AreOrigins = (): PropertyDecorator =>
  ValidateBy({
    name: 'areOrigins',
    validator: {
      validate: (values: unknown) => Array.isArray(values) && values.every((value) => exactOrigin(value) !== null),
      defaultMessage: () => '$property must be a list of exact origins such as https://shop.example, without path or wildcard',
    },
  });
