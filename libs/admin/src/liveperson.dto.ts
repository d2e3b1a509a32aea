import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, ValidateIf, ValidateNested } from 'class-validator';
import { IsText } from '#libs/http';
import { StreamDto } from './stream.dto.ts';

@ApiSchema({ name: 'LivePersonChange' })
export class LivePersonDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: 255,
    writeOnly: true,
    description: 'Signs the webhook; null removes it.',
    example: 'app-secret-of-the-installation',
  })
  @ValidateIf((_change, value) => value !== undefined && value !== null)
  @IsText()
  appSecret?: string | null;

  @ApiPropertyOptional({
    type: StreamDto,
    nullable: true,
    description: "Listens to LivePerson's messaging sockets; null stops it.",
    example: { kind: 'brand', credentials: { username: 'bridge-bot', password: 'correct horse battery staple' } },
  })
  @ValidateIf((_change, value) => value !== undefined && value !== null)
  @Type(() => StreamDto)
  @ValidateNested()
  @IsObject()
  stream?: StreamDto | null;
}
