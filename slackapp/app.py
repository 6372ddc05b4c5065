"""The composition root: everything is built here, once, and nowhere else.

Start: database migrated → Slack asked who we are → configuration applied → pump, jobs → Slack's door opened.
Stop, in reverse: nothing new comes in, what is being answered finishes, what is in flight is marked.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from prometheus_client import CollectorRegistry
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackapp.clock import BorrowedClock, Clock, SystemClock
from slackapp.config import Settings
from slackapp.delivery.answers import Answers
from slackapp.delivery.directory import Directory
from slackapp.delivery.gateway import Gateway
from slackapp.delivery.pump import Pump
from slackapp.jobs import Jobs
from slackapp.listeners.front import Front
from slackapp.usecases.baton import Baton
from slackapp.usecases.tick import tick
from slackapp.web.admin import admin_app
from slackapp.web.server import WebServer
from slackapp.web.slack_events import slack_app
from slackapp.web.socket_mode import SocketMode
from storage.database import Database
from storage.records import Workspace

_log = structlog.get_logger(__name__)
