import { Type } from 'class-transformer';
import { ArrayNotEmpty, IsArray, IsIn, IsInt, IsNotEmpty, IsNumber, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';

/** The parts of a notification that an invitation is made of, as DTOs of class-validator. */
class Participant {}
fields(Participant, { id: [IsString(), IsNotEmpty()], role: [IsIn(['CONSUMER', 'ASSIGNED_AGENT', 'MANAGER', 'CONTROLLER'])] });

class Dialog {}
fields(Dialog, {
  dialogId: [IsString(), IsNotEmpty()],
  dialogType: [IsString()],
  channelType: [IsString()],
  state: [IsIn(['OPEN', 'CLOSE'])],
  creationTs: [IsInt()],
  metaData: [IsOptional(), IsObject()],
});

class ConversationDetails {}
fields(ConversationDetails, {
  state: [IsIn(['OPEN', 'CLOSE'])],
  stage: [IsString()],
  startTs: [IsInt()],
  participants: list(Participant),
  dialogs: list(Dialog),
});

class Result {}
fields(Result, {
  convId: [IsString(), IsNotEmpty()],
  effectiveTTR: [IsNumber()],
  conversationDetails: [IsObject(), ValidateNested(), Type(() => ConversationDetails)],
});

class Change {}
fields(Change, { type: [IsIn(['UPSERT', 'DELETE'])], result: [IsObject(), ValidateNested(), Type(() => Result)] });

class Changes {}
fields(Changes, { sentTs: [IsInt()], changes: list(Change) });

export class NotificationDto {}
fields(NotificationDto, { kind: [IsString()], type: [IsString()], body: [IsObject(), ValidateNested(), Type(() => Changes)] });

function list(of) {
  return [IsArray(), ArrayNotEmpty(), ValidateNested({ each: true }), Type(() => of)];
}

function fields(dto, rules) {
  for (const [name, decorators] of Object.entries(rules)) for (const decorate of decorators) decorate(dto.prototype, name);
}
