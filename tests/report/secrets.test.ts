import { type Session } from "../../api";
import { secretsOfSession } from "../../report/secrets";
import { Redactor } from "../../text";

it.each(["a%20canary", "canary%", "canary"])(
  "a session's password is cut where it stands by itself: %s",
  (password) => {
    const session: Session = {
      token: "x402s_token",
      ports: [{ id: "p", http: `http://user-1:${password}@proxy.example:80` }],
    };
    const spoken = password.replace("%20", " ");
    expect(new Redactor(secretsOfSession(session)).line(`in ${spoken}`)).not.toContain("canary");
  },
);
