import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { consentLanguages } from '#guarantee';
import {
  BooleanField,
  type CommandContext,
  Context,
  DecimalField,
  EnumField,
  IdField,
  IdParam,
  Idempotent,
  PageQuery,
  Requires,
  RequiresStepUp,
  StringField,
} from '#platform';
import { ApplyForOfferGuarantee, ConsentToGuarantee } from '../application/apply-for-offer-guarantee.js';
import { GuaranteedCandidates } from '../application/guaranteed-candidates.js';

class OfferApplicationBody {
  @IdField({
    description: 'A portfolio agreement of yours; absent: the guarantor reviews the application.',
    optional: true,
  })
  agreementId?: string;
  @DecimalField({
    description: 'What other guarantors cover of the loan, percent.',
    max: 100,
    decimals: 2,
    optional: true,
  })
  otherCoverPercent?: string;
  @BooleanField({ description: 'The part that you retain has collateral of its own.', optional: true })
  retainedCollateral?: boolean;
  @StringField({ description: 'Why a guarantee is needed.', max: 2000, optional: true }) note?: string;
}

class OfferConsentBody {
  @EnumField({ description: 'The language in which the text was read.', values: consentLanguages })
  language!: (typeof consentLanguages)[number];
  @StringField({ description: 'SHA-256 of the text that was read.', min: 64, max: 64, pattern: /^[0-9a-f]{64}$/ })
  textSha256!: string;
}

/** Guarantees as a part of offers. */
@ApiTags('Market')
@Controller('v1')
export class OfferGuaranteesController {
  constructor(
    private readonly apply: ApplyForOfferGuarantee,
    private readonly consent: ConsentToGuarantee,
    private readonly candidates: GuaranteedCandidates,
  ) {}

  /** Requests on the own list that nobody has bid on and that a scheme you are accredited with would cover. */
  @Get('market/guarantee-candidates')
  @Requires('market.read')
  async list(@Context() { actor }: CommandContext, @Query() query: PageQuery) {
    return this.candidates.page(actor.organisationId, query);
  }

  /** The lender applies for the guarantee that its binding offer names. */
  @Post('offers/:offerId/guarantee-application')
  @Idempotent()
  @Requires('guarantee.apply')
  async applyFor(
    @Context() context: CommandContext,
    @IdParam('offerId') id: string,
    @Body() body: OfferApplicationBody,
  ) {
    return this.apply.execute(context, id, {
      agreementId: body.agreementId ?? null,
      otherCoverPercent: body.otherCoverPercent ?? '0',
      retainedCollateral: body.retainedCollateral ?? false,
      note: body.note ?? '',
    });
  }

  /** The enterprise consents in writing to the guarantee of this offer. */
  @Post('offers/:offerId/guarantee-consent')
  @Idempotent()
  @RequiresStepUp()
  @Requires('guarantee.consent')
  async consentTo(@Context() context: CommandContext, @IdParam('offerId') id: string, @Body() body: OfferConsentBody) {
    return this.consent.execute(context, id, body);
  }
}
