"""What is to be done in, on which screen of Meta's, of Instagram's or of ours out.  Pure.

Names of Meta's screens are those of its own documents and of guides by others, read up to
2026-11-27; Meta changes them often.  docs/instagram.md tells the same at length.
"""

from __future__ import annotations

from gravix_core.stages.publish.meta_versions import DEFAULT
from gravix_core.stages.publish.oauth import SCOPES

_APP = "At developers.facebook.com, My Apps, your app"
ASK = "On Connect, press Ask Meta."
CONNECT = "On Connect, press Connect Instagram."
CHOOSE = "On Connect, choose which account to connect."
AGAIN = "On Connect, connect Instagram again."
RENEW = "On Connect, press Renew; if the day stays the same, connect Instagram again."
APP_ID = (
    f"{_APP}: App settings, Basic, App ID. Write it into .env as FACEBOOK_APP_ID and start Gravix"
    " again. It is not the Instagram app ID."
)
APP_SECRET = (
    f"{_APP}: App settings, Basic, App secret, Show. Write it into .env as FACEBOOK_APP_SECRET and"
    " start Gravix again. It is not the Instagram app secret."
)
PASTE = (
    "Gravix does not answer there: after Facebook's dialog, paste the address from the browser's"
    " bar on Connect."
)
LOCALHOST = (
    "Nothing has to be entered at Meta: it takes http://localhost by itself in Development mode."
    " Once the app is Live, set FACEBOOK_REDIRECT_URI to an https address of yours; where Gravix"
    " does not answer there, paste the address back on Connect."
)
MODE = (
    f"{_APP}: look at App Mode in the bar at the top, or at Publish in the menu on the left."
    " Development (Unpublished): only people with a role in the app can connect, and only they see"
    " the posts. Live (Published): everybody sees the posts."
)
VERSION = f"Set GRAPH_API_VERSION={DEFAULT} in .env, or take the line out; start Gravix again."
KEY_LOST = (
    "Put GRAVIX_SECRET_KEY, or secret.key in the data directory, back as it was. If it is lost:"
    " on Connect, connect Instagram again."
)
PAGE = (
    "On facebook.com: Menu, Pages, shows whether you have one; make one there, or ask an admin of"
    " it for full control. Then connect again and leave it ticked in Facebook's dialog."
)
PORTFOLIO = (
    "Only for a Page that belongs to a business portfolio: on Connect, press Ask again and leave"
    " business_management switched on. In business.facebook.com, Settings, Accounts, Pages, your"
    " account needs full control of the Page."
)
PROFESSIONAL = (
    "In the Instagram app: Settings, Account type and tools, Switch to professional account. Then"
    " link it: on facebook.com, switch to the Page, Settings, Linked accounts, Instagram, Connect"
    " account. After that connect again."
)
ROLE = (
    "On facebook.com, switch to the Page, Settings, Page setup, Page access: your account needs"
    " full control, or at least the task Content. In a portfolio: business.facebook.com, Settings,"
    " Accounts, Pages, People. After that connect again."
)
PUBLISHING = (
    "Look at the steps above first. If all are well and your role on the Page comes from a business"
    " portfolio: take full control of the Page on the Page itself, or use a login configuration"
    " that also asks for ads_management (GRAVIX_LOGIN_CONFIG_ID)."
)


def redirect(uri: str) -> str:
    return (
        f"{_APP}: Facebook Login for Business (or Facebook Login), Settings, Valid OAuth Redirect"
        f" URIs. Paste it there to the letter: {uri}"
    )


def permissions(config_id: str) -> str:
    """
    Args:
        config_id: Of Facebook Login for Business; empty without one.
    """
    if config_id:
        where = (
            f"{_APP}: Facebook Login for Business, Configurations, the one of the id {config_id}."
        )
    else:
        where = f"{_APP}: Use cases, Manage messaging and content on Instagram, Customize."
    return (
        f"{where} It has to hold {', '.join(SCOPES)}. Then, on Connect, press Ask again and leave"
        " every permission switched on."
    )
