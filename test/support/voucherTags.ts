/** The fields of a voucher that come from one element of its header. */
export const headerTags = {
  ...{ guid: 'GUID', date: 'DATE', voucherType: 'VOUCHERTYPENAME', alterId: 'ALTERID', masterId: 'MASTERID' },
  ...{ voucherNumber: 'VOUCHERNUMBER', reference: 'REFERENCE', referenceDate: 'REFERENCEDATE' },
  ...{ partyLedgerName: 'PARTYLEDGERNAME', partyName: 'PARTYNAME', partyGstin: 'PARTYGSTIN' },
  ...{ partyState: 'STATENAME', partyMailingName: 'PARTYMAILINGNAME', partyRegistrationType: 'GSTREGISTRATIONTYPE' },
  ...{ consigneeGstin: 'CONSIGNEEGSTIN', consigneeState: 'CONSIGNEESTATENAME', companyGstin: 'CMPGSTIN' },
  ...{ natureOfReturn: 'GSTNATUREOFRETURN', isReverseCharge: 'ISREVERSECHARGEAPPLICABLE', irnQrCode: 'IRNQRCODE' },
  ...{ placeOfSupply: 'PLACEOFSUPPLY', narration: 'NARRATION', irn: 'IRN', irnAckNo: 'IRNACKNO' },
  ...{ irnAckDate: 'IRNACKDATE', isCancelled: 'ISCANCELLED', isOptional: 'ISOPTIONAL' },
  ...{ isDeleted: 'ISDELETED', isDeletedRetained: 'ISDELETEDVCHRETAINED' },
};
