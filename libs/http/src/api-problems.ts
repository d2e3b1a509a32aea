import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiResponse, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { PROBLEMS, type ProblemCode, type ProblemDocument } from '#libs/protocol';

@ApiSchema({ name: 'FieldError' })
class FieldErrorDto {
  @ApiProperty({ example: 'visitorId' })
  field!: string;

  @ApiProperty({ example: 'visitorId must be text of 1 to 255 characters, without control characters' })
  message!: string;
}

/** RFC 9457 problem details, for the published document. */
@ApiSchema({ name: 'Problem', description: 'RFC 9457 problem details. `code` is from one closed list.' })
class ProblemDto implements ProblemDocument {
  @ApiProperty({ example: 'urn:cobridge:problem:bad_request' })
  type!: string;

  @ApiProperty({ example: PROBLEMS.bad_request[1] })
  title!: string;

  @ApiProperty({ type: 'integer', example: PROBLEMS.bad_request[0] })
  status!: number;

  @ApiProperty({ description: 'What was wrong with this request, and what to do.', example: 'limit must be a whole number from 1 to 200' })
  detail!: string;

  @ApiProperty({ enum: Object.keys(PROBLEMS), enumName: 'ProblemCode', example: 'bad_request' })
  code!: ProblemCode;

  @ApiPropertyOptional({ type: [FieldErrorDto], description: 'The fields that are wrong, where that is the trouble.' })
  errors?: FieldErrorDto[];
}

/** What any route that takes a body, if only an empty one, may say of it. */
export const BODY_PROBLEMS = [
  'bad_request',
  'invalid_json',
  'payload_too_large',
  'unsupported_media_type',
] as const satisfies ProblemCode[];

/** Publishes the problems that a route may answer with. Those of a class are those of each of its routes, unless the route has the status. */
export function ApiProblems(...codes: ProblemCode[]): ClassDecorator & MethodDecorator {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code][0]))];
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...statuses.map((status) => {
      const ours = codes.filter((code) => PROBLEMS[code][0] === status);
      return ApiResponse({
        status,
        description: ours.map((code) => `\`${code}\`: ${PROBLEMS[code][1]}.`).join(' '),
        content: {
          'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } },
        },
      });
    }),
  );
}
