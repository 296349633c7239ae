"""The steps, in order: download, cut, convert, describe, deliver, publish; then what previews need.

Each takes ids and hands frozen values from one room to the next.  Each may be run again at any
time: it recognises what it has already made.  No transaction is open while a step works.
"""

from gravix_core.pipeline.convert import Workshop as Workshop
from gravix_core.pipeline.convert import convert as convert
from gravix_core.pipeline.cut import cut as cut
from gravix_core.pipeline.deliver import deliver as deliver
from gravix_core.pipeline.describe import Writers as Writers
from gravix_core.pipeline.describe import describe as describe
from gravix_core.pipeline.describe import upgrade as upgrade
from gravix_core.pipeline.download import download as download
from gravix_core.pipeline.download import download_link as download_link
from gravix_core.pipeline.previews import copy_chunk as copy_chunk
from gravix_core.pipeline.previews import proxy as proxy
from gravix_core.pipeline.previews import take_picture as take_picture
from gravix_core.pipeline.provider import Account as Account
from gravix_core.pipeline.provider import Provider as Provider
from gravix_core.pipeline.publish import Press as Press
from gravix_core.pipeline.publish import publish as publish
from gravix_core.pipeline.recognise import recognise as recognise
