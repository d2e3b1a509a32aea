import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { STATUSES } from '#libs/core';
import type { Envelope, Publish } from '#libs/protocol';
import { SessionDto } from './session.dto.ts';

@ApiSchema({ name: 'PublishData' })
class PublishDataDto {
  @ApiProperty()
  serviceId!: string;

  @ApiProperty({ description: 'Empty while no notification has named an agent. The others are never empty.' })
  agentId!: string;

  @ApiProperty()
  visitorName!: string;

  @ApiProperty()
  mode!: string;

  @ApiProperty()
  ssid!: string;

  @ApiProperty()
  svid!: string;
}

@ApiSchema({ name: 'Publish', description: 'What a page hands to `lpTag.events.publish(app, event, data)`; LivePerson sessions only.' })
class PublishDto implements Publish {
  @ApiProperty({ enum: ['lpCoBrowse'] })
  app!: 'lpCoBrowse';

  @ApiProperty({ enum: ['cobrowseOffered', 'cobrowseAccepted', 'cobrowseDeclined'] })
  event!: Publish['event'];

  @ApiProperty()
  data!: PublishDataDto;
}

/** The event envelope, for the published document. */
@ApiSchema({ name: 'Event', description: 'The same envelope on page sockets, in callbacks and here.' })
export class EventDto implements Envelope {
  @ApiProperty({ description: 'The same for the same fact, however often it is told.', example: 'evt_3n6uT0xk8Qm1cV5yR2bW9A_1' })
  id!: string;

  @ApiProperty({ enum: STATUSES.map((status) => `session.${status}`), example: 'session.invited' })
  type!: Envelope['type'];

  @ApiProperty({ format: 'date-time', example: '2026-11-21T10:00:00.000Z' })
  occurredAt!: string;

  @ApiProperty()
  session!: SessionDto;

  @ApiPropertyOptional()
  publish?: PublishDto;
}

@ApiSchema({ name: 'History' })
export class HistoryDto {
  @ApiProperty({ type: [EventDto], description: 'Oldest first.' })
  items!: Envelope[];
}
