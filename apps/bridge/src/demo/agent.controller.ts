import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AgentDesk, type Chat } from './agent-desk.ts';
import { AgentInviteRequest, AgentRequest } from './demo.dto.ts';
import { LivePersonBox } from './liveperson-box.ts';
import { WriteLimit } from './write-limit.ts';

/** The agent's buttons. Each names the visitor whose chat it is about, and answers with that chat; what follows comes over the wire. */
@ApiExcludeController()
@UseGuards(WriteLimit)
@Controller('demo/agent')
export class AgentController {
  constructor(
    private readonly desk: AgentDesk,
    private readonly box: LivePersonBox,
  ) {}

  @Post('start')
  @HttpCode(200)
  async start(@Body() { visitorId }: AgentRequest): Promise<Chat> {
    return this.desk.start(visitorId);
  }

  @Post('invite')
  @HttpCode(200)
  async invite(@Body() { visitorId, ...wish }: AgentInviteRequest): Promise<Chat> {
    return this.desk.invite(visitorId, wish);
  }

  @Post('cancel')
  @HttpCode(200)
  async cancel(@Body() { visitorId }: AgentRequest): Promise<Chat> {
    return this.desk.cancel(visitorId);
  }

  @Post('join')
  @HttpCode(200)
  async join(@Body() { visitorId }: AgentRequest): Promise<Chat> {
    return this.desk.join(visitorId);
  }

  @Post('end')
  @HttpCode(200)
  async end(@Body() { visitorId }: AgentRequest): Promise<Chat> {
    return this.desk.end(visitorId);
  }

  @Post('close')
  @HttpCode(200)
  async close(@Body() { visitorId }: AgentRequest): Promise<Chat> {
    return this.desk.close(visitorId);
  }

  /** No verb of an agent's: the line between LivePerson and the bridge breaks. */
  @Post('cut')
  @HttpCode(200)
  async cut(@Body() { visitorId }: AgentRequest): Promise<Chat> {
    const chat = await this.desk.start(visitorId);
    await this.box.cut();
    return chat;
  }
}
