import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsUrl, Matches, Max, Min, MinLength, ValidateBy } from 'class-validator';

const yes = ({ value }: { value: unknown }): unknown =>
  value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value;
const number = ({ value }: { value: unknown }): unknown => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value);
/** An origin, as `URL` understands it, with no slash at its end or one. */
const isOrigin = (text: unknown): boolean => /^https?:\/\/[^\s/\\?#@*]+\/?$/i.test(String(text)) && URL.canParse(String(text));
const BOOLEAN = { message: 'must be true or false' };

/** Every variable that the bridge reads. What each means stands in docs/operations.md. */
export class Environment {
  @Transform(number)
  @IsInt({ message: 'must be a port number' })
  @Min(1, { message: 'must be a port number from 1 to 65535' })
  @Max(65_535, { message: 'must be a port number from 1 to 65535' })
  PORT: number = 3000;

  @MinLength(1, { message: 'must be an address to listen on, such as 127.0.0.1 or 0.0.0.0' })
  HOST: string = '127.0.0.1';

  @IsOptional()
  @IsUrl(
    {
      protocols: ['postgres', 'postgresql'],
      require_tld: false,
      require_host: false,
      require_protocol: true,
      allow_protocol_relative_urls: false,
      disallow_auth: false,
      validate_length: false,
    },
    { message: 'must look like postgres://user:password@host:5432/database' },
  )
  DATABASE_URL?: string;

  @IsOptional()
  @IsUrl({ protocols: ['redis', 'rediss'], require_tld: false, require_protocol: true }, { message: 'must look like redis://host:6379' })
  REDIS_URL?: string;

  @MinLength(1, { message: 'must be a folder' })
  COBRIDGE_DATA_DIR: string = '.data';

  // What a header can carry, and `bearerOf` takes.
  @IsOptional()
  @Matches(/^[\x21-\x7e]{8,512}$/, {
    message: 'must have 8 to 512 ASCII characters without blanks, and should have 32 random ones',
  })
  COBRIDGE_ADMIN_KEY?: string;

  @IsOptional()
  @MinLength(8, { message: 'must have at least 8 characters, and should have 32 random ones' })
  COBRIDGE_SECRET_KEY?: string;

  @IsOptional()
  @Transform(yes)
  @IsBoolean(BOOLEAN)
  COBRIDGE_CALLBACKS_ALLOW_PRIVATE?: boolean;

  @IsOptional()
  @Transform(yes)
  @IsBoolean(BOOLEAN)
  COBRIDGE_DEMO?: boolean;

  @IsOptional()
  @ValidateBy(
    { name: 'isOrigin', validator: { validate: isOrigin } },
    { message: 'must look like https://bridge.example.com, with no path, query or user' },
  )
  PUBLIC_URL?: string;

  @IsOptional()
  @Matches(/^(https:\/\/[^\s/?#@]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)$/, {
    message: 'must look like https://api.liveperson.net; without TLS only on this machine',
  })
  LIVEPERSON_CSDS_URL?: string;

  @Transform(number)
  @IsInt({ message: 'must be a number of days' })
  @Min(1, { message: 'must be a number of days, at least 1' })
  @Max(3650, { message: 'must be a number of days, at most 3650' })
  COBRIDGE_RETENTION_DAYS: number = 90;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], { message: 'must be one of fatal, error, warn, info, debug, trace' })
  LOG_LEVEL: string = 'info';

  @IsOptional()
  @IsIn(['pretty', 'json'], { message: 'must be pretty or json' })
  LOG_FORMAT?: 'pretty' | 'json';
}
