/** The tools that the vendor's page lists of its MCP server. */
export const VENDOR_TOOLS = `
  get_account_summary get_account_usage get_pricing purchase_shared_slots purchase_shared_traffic purchase_private_slots
  purchase_private_traffic list_ports get_port create_port delete_port update_port_credentials update_os_fingerprint
  reconfigure_port rotate_port check_rotation_availability configure_auto_rotation get_rotation_history
  get_rotation_token_url get_port_status get_port_ip ping_port speed_test_port create_crypto_payment
  check_crypto_payment_status get_pending_crypto_payments cancel_crypto_payment get_crypto_payment_info
  list_available_countries get_proxy_connection_string get_all_proxy_formats get_os_fingerprint_options
  create_support_ticket list_my_tickets get_ticket reply_to_ticket close_ticket get_x402_session list_x402_ports
  get_x402_port_status get_sessions_by_wallet get_session_status`
  .trim()
  .split(/\s+/);
