import { ApiProperty, ApiPropertyOptional, ApiSchema, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, Matches, ValidateNested } from 'class-validator';
import { ACCOUNT_ID } from '#libs/core';
import { IsText, MayBeLeftOut } from '#libs/http';
import { SettingsDto } from './settings.dto.ts';

@ApiSchema({ name: 'NewAccount' })
export class NewAccountDto {
  @ApiProperty({ pattern: ACCOUNT_ID.source, description: 'Chosen by the admin; for LivePerson the site id.', example: '87654321' })
  @Matches(ACCOUNT_ID, { message: '$property must be 1 to 64 letters, digits, dots, dashes or underscores' })
  id!: string;

  @ApiProperty({ minLength: 1, maxLength: 200, example: 'Shop Example' })
  @IsText(200)
  name!: string;

  @ApiPropertyOptional()
  @MayBeLeftOut()
  @Type(() => SettingsDto)
  @ValidateNested()
  @IsObject()
  settings?: SettingsDto;
}

/** What to change in an account; what is left out stays. */
@ApiSchema({ name: 'AccountChange' })
export class AccountChangeDto extends PartialType(OmitType(NewAccountDto, ['id']), { skipNullProperties: false }) {}
