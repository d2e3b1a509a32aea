import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { STREAM_STATES, type StreamRecord } from '#libs/core';
import { IsText, IsWhole, MayBeLeftOut } from '#libs/http';
import { TROUBLES, type TroubleCode } from './trouble.ts';
import type { Tried, TriedStep } from './try-stream.ts';

const DAY = 86_400;

@ApiSchema({ name: 'NewVisitorStream' })
export class NewVisitorStreamDto {
  @ApiProperty({
    maxLength: 8192,
    writeOnly: true,
    description: "The visitor's LivePerson token (consumer JWT).",
    example: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIzMzMzMzMzMy1hYWFhLTRiYmItOGNjYy0wMDAwMDAwMDAwMDMifQ.c2lnbmF0dXJl',
  })
  @Matches(/^[\w-]+\.[\w-]+\.[\w-]*$/, { message: '$property must be a JWT' })
  @IsText(8192)
  token!: string;

  @ApiPropertyOptional({
    description: "The consumer id; left out, it is the token's subject.",
    example: '33333333-aaaa-4bbb-8ccc-000000000003',
  })
  @MayBeLeftOut()
  @IsText(256)
  visitorId?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: DAY,
    description: 'How long to listen at most; never longer than the token is good for.',
    example: 3600,
  })
  @MayBeLeftOut()
  @IsWhole(1, DAY)
  ttlSeconds?: number;
}

/** A stream as its account sees it, whichever bridge holds it. */
@ApiSchema({ name: 'LivePersonStream' })
export class StreamView {
  @ApiProperty({ enum: ['brand', 'consumer'], example: 'brand' })
  kind!: 'brand' | 'consumer';

  @ApiProperty({ type: String, nullable: true, description: 'Null for the stream of the whole brand.', example: null })
  visitorId!: string | null;

  @ApiProperty({ enum: STREAM_STATES, example: 'subscribed' })
  state!: string;

  @ApiProperty({
    description: `Why: \`started\`, \`listening\`, or the trouble that ended the last connection: ${Object.keys(TROUBLES).join(', ')}.`,
    example: 'listening',
  })
  reason!: string;

  @ApiProperty({ type: String, nullable: true, description: 'What is wrong and what to do about it, in words.', example: null })
  message!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-11-21T10:00:00.000Z' })
  since!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it tries again.', example: null })
  retryAt!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When LivePerson was last heard; may lag by half a minute.',
    example: '2026-11-21T10:00:05.000Z',
  })
  heardAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: "When the visitor's stream ends.", example: null })
  expiresAt!: string | null;

  static of({ visitorId, status, expiresAt }: StreamRecord): StreamView {
    const reason = status?.reason ?? 'started';
    return {
      kind: visitorId === null ? 'brand' : 'consumer',
      visitorId,
      state: status?.state ?? 'connecting',
      reason,
      message: TROUBLES[reason as TroubleCode] ?? null,
      since: iso(status?.since),
      retryAt: iso(status?.retryAt),
      heardAt: iso(status?.heardAt),
      expiresAt: iso(expiresAt),
    };
  }
}

const iso = (instant: number | null | undefined): string | null =>
  instant === null || instant === undefined ? null : new Date(instant).toISOString();

@ApiSchema({ name: 'LivePersonStreamList' })
export class StreamList {
  @ApiProperty({ type: [StreamView] })
  items!: StreamView[];
}

@ApiSchema({ name: 'TriedStep' })
class TriedStepView implements TriedStep {
  @ApiProperty({ enum: ['discovery', 'login', 'socket', 'subscription'], example: 'discovery' })
  step!: TriedStep['step'];

  @ApiProperty({ example: "Find the account's services" })
  title!: string;

  @ApiProperty({ example: true })
  ok!: boolean;

  @ApiProperty({ example: 42 })
  ms!: number;
}

@ApiSchema({ name: 'StreamTest' })
export class TriedView implements Tried {
  @ApiProperty({ example: true })
  ok!: boolean;

  @ApiProperty({ type: String, enum: Object.keys(TROUBLES), nullable: true, example: null })
  code!: TroubleCode | null;

  @ApiProperty({ example: 'The bridge can log in and hear the conversations of this account.' })
  message!: string;

  @ApiProperty({ type: [TriedStepView] })
  steps!: TriedStepView[];
}
