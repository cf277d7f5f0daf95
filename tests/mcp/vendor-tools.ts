/**
 * The 42 tools of the vendor's page, each with the arguments of the vendor's own server (its public repository, versions
 * 1.0.1 and 2.0.0): those that must be given first, then those that may be. `serverHost` is required there.
 */
export const VENDOR_TOOLS: Record<string, [required: string[], optional: string[]]> = {
  get_account_summary: [[], []],
  get_account_usage: [[], []],
  get_pricing: [[], ["type", "category"]],
  purchase_shared_slots: [["quantity"], []],
  purchase_shared_traffic: [["quantityGB"], []],
  purchase_private_slots: [["quantity"], []],
  purchase_private_traffic: [["quantityGB"], []],
  list_ports: [[], ["type", "status", "countryId", "carrierId", "limit"]],
  get_port: [["portId"], []],
  create_port: [
    ["countryId", "type"],
    ["carrierId", "cityId", "expiresInDays", "osFingerprint"],
  ],
  delete_port: [["portId"], []],
  update_port_credentials: [["portId"], ["proxyLogin", "proxyPassword"]],
  update_os_fingerprint: [["portId", "osFingerprint"], []],
  reconfigure_port: [
    ["portId", "countryId"],
    ["carrierId", "cityId"],
  ],
  rotate_port: [["portId"], []],
  check_rotation_availability: [["portId"], []],
  configure_auto_rotation: [
    ["portId", "enabled"],
    ["intervalMinutes", "matchCarrier", "matchCity"],
  ],
  get_rotation_history: [["portId"], ["limit"]],
  get_rotation_token_url: [["portId"], []],
  get_port_status: [["portId"], []],
  get_port_ip: [["portId"], []],
  ping_port: [["portId"], []],
  speed_test_port: [["portId"], []],
  create_crypto_payment: [["amount"], []],
  check_crypto_payment_status: [["orderId"], []],
  get_pending_crypto_payments: [[], []],
  cancel_crypto_payment: [["orderId"], []],
  get_crypto_payment_info: [[], []],
  list_available_countries: [[], ["isPrivate"]],
  get_proxy_connection_string: [["portId"], ["protocol", "serverHost"]],
  get_all_proxy_formats: [["portId"], ["serverHost"]],
  get_os_fingerprint_options: [[], []],
  create_support_ticket: [
    ["subject", "message"],
    ["category", "priority"],
  ],
  list_my_tickets: [[], []],
  get_ticket: [["ticketId"], []],
  reply_to_ticket: [["ticketId", "message"], []],
  close_ticket: [["ticketId"], []],
  get_x402_session: [["sessionToken"], []],
  list_x402_ports: [["sessionToken"], []],
  get_x402_port_status: [["sessionToken", "portId"], []],
  get_sessions_by_wallet: [["walletAddress"], ["status"]],
  get_session_status: [["sessionId"], []],
};

/** What ours has beside. */
export const OWN_TOOLS = ["explain_port", "fleet_report", "orphans", "plan", "propose_change", "x402_get_proxy"];
