import { Body, Controller, Get, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiProduces, ApiTags } from '@nestjs/swagger';
import { parseDate } from '#kernel';
import {
  type CommandContext,
  Context,
  DateField,
  documentMediaTypes,
  EnumField,
  Idempotent,
  IdParam,
  type MoneyBody,
  MoneyField,
  Requires,
  StringField,
} from '#platform';
import { MurabahaSales } from '../application/murabaha-sales.js';
import { type EvidenceKind, evidenceKinds } from '../domain/murabaha-sale.lifecycle.js';

class EvidenceQuery {
  @EnumField({ description: 'What the document proves.', values: evidenceKinds }) kind!: EvidenceKind;
  @StringField({ description: 'Its name.', min: 1, max: 200 }) name!: string;
}

class PurchaseBody {
  @StringField({ description: 'What was bought, so that it can be told from others.', min: 3, max: 500 })
  asset!: string;
  @StringField({ description: 'From whom.', min: 2, max: 200 }) supplier!: string;
  @MoneyField({ description: 'What it cost the financier; at most the amount awarded.' }) cost!: MoneyBody;
  @DateField({ description: 'The day of the purchase.' }) boughtOn!: string;
}

class PossessionBody {
  @StringField({ description: 'Where the asset is and who holds it.', min: 3, max: 300 }) place!: string;
}

/** The sale under a murabaha, between signature and money: bought, held, sold. */
@ApiTags('Murabaha')
@Controller('v1')
export class MurabahaController {
  constructor(private readonly sales: MurabahaSales) {}

  /** The sale as the financier sees it. */
  @Get('awards/:awardId/murabaha')
  @Requires('offer.read')
  async show(@Context() context: CommandContext, @IdParam('awardId') id: string) {
    return this.sales.show(context, id);
  }

  /** The same for the enterprise. */
  @Get('murabaha-sales/:awardId')
  @Requires('request.read')
  async showToEnterprise(@Context() context: CommandContext, @IdParam('awardId') id: string) {
    return this.sales.show(context, id);
  }

  /** Takes a document that proves purchase or possession: its bytes are the body, up to 10 MiB. */
  @Post('awards/:awardId/murabaha/documents')
  @Requires('offer.write')
  @ApiConsumes(...documentMediaTypes)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async attach(
    @Context() context: CommandContext,
    @IdParam('awardId') id: string,
    @Query() query: EvidenceQuery,
    @Body() content: Buffer,
  ) {
    return this.sales.attach(context, id, { ...query, content });
  }

  @Get('awards/:awardId/murabaha/documents/:evidenceId')
  @Requires('offer.read')
  @ApiProduces(...documentMediaTypes)
  async document(
    @Context() context: CommandContext,
    @IdParam('awardId') id: string,
    @IdParam('evidenceId') evidenceId: string,
  ): Promise<StreamableFile> {
    return download(await this.sales.read(context, id, evidenceId));
  }

  @Get('murabaha-sales/:awardId/documents/:evidenceId')
  @Requires('request.read')
  @ApiProduces(...documentMediaTypes)
  async documentForEnterprise(
    @Context() context: CommandContext,
    @IdParam('awardId') id: string,
    @IdParam('evidenceId') evidenceId: string,
  ): Promise<StreamableFile> {
    return download(await this.sales.read(context, id, evidenceId));
  }

  /** The financier has bought the asset. */
  @Post('awards/:awardId/murabaha/purchase')
  @HttpCode(200)
  @Idempotent()
  @Requires('offer.write')
  async buy(@Context() context: CommandContext, @IdParam('awardId') id: string, @Body() body: PurchaseBody) {
    return this.sales.buy(context, id, { ...body, boughtOn: parseDate(body.boughtOn) });
  }

  /** The financier holds the asset. */
  @Post('awards/:awardId/murabaha/possession')
  @HttpCode(200)
  @Idempotent()
  @Requires('offer.write')
  async possess(@Context() context: CommandContext, @IdParam('awardId') id: string, @Body() body: PossessionBody) {
    return this.sales.possess(context, id, body.place);
  }

  /** A second person of the financier sells to the enterprise; cost and profit are fixed. */
  @Post('awards/:awardId/murabaha/sale')
  @HttpCode(200)
  @Idempotent()
  @Requires('offer.approve')
  async sell(@Context() context: CommandContext, @IdParam('awardId') id: string) {
    return this.sales.sell(context, id);
  }
}

function download({ name, mediaType, content }: Awaited<ReturnType<MurabahaSales['read']>>): StreamableFile {
  return new StreamableFile(content, {
    type: mediaType,
    length: content.length,
    disposition: `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
  });
}
