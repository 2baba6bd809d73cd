"""The program itself: commands and background processes."""

from app.messages.message import Message
from app.words import N_

MESSAGES = {
    # workers
    "worker.timeout": Message(
        N_("“{job}”超过 {seconds} 秒没有回应，已停止。"), N_("请重试；如果再次发生，请运行诊断（shiming doctor）。")
    ),
    "worker.died": Message(
        N_("“{job}”的后台进程意外退出。"), N_("请重试；如果再次发生，请运行诊断（shiming doctor）。")
    ),
    "worker.memory": Message(
        N_("“{job}”需要的内存超过了允许的上限，已停止。"),
        N_("请确认文件没有损坏、确实是要用的那一份；太大的文件请分成几份。"),
    ),
    # command
    "command.bug": Message(
        N_("程序出错了（{type}，{where}），这件事没有做完。"),
        N_("已保存的内容不受影响。请重试；如果再次发生，请把括号里的内容告诉维护人员。"),
    ),
    "command.usage": Message(N_("命令写得不对：{detail}。"), N_("正确的写法，请加 --help 查看。")),
    "command.package_missing": Message(
        N_("程序缺少组件“{name}”。"), N_("请运行 make setup；用安装包安装的，请重新安装。")
    ),
    "window.no_display": Message(
        N_("这台电脑没有显示器，窗口打不开。"), N_("请在有桌面的电脑上运行；不用窗口的命令见 shiming --help。")
    ),
    "window.bug": Message(
        N_("程序出错了，这件事没有做完。"), N_("已保存的内容不受影响。请重试；再次发生请保存诊断报告。")
    ),
    "command.interrupted": Message(N_("已按您的要求停止。"), N_("再次运行同一命令即可继续。")),
    "command.input_ended": Message(
        N_("还需要输入，但标准输入已经结束。"), N_("请在终端里运行；用脚本时，按提问的顺序每行写一个回答。")
    ),
    # demo
    "demo.folder_taken": Message(
        N_("文件夹 {folder} 里有别的东西，演示不在这里进行。"), N_("请换一个新的文件夹，或清空这个文件夹。")
    ),
    "demo.in_use": Message(N_("文件夹 {folder} 里正在进行另一次演示。"), N_("请等它结束再试。")),
    "demo.no_software_token": Message(
        N_("没有找到软件 UKEY（SoftHSM）。"), N_("请安装 softhsm2：apt-get install softhsm2。")
    ),
    "demo.not_refused": Message(N_("“{what}”应当被拒绝（{reason}），却没有。"), N_("这是程序的错误，请告诉维护人员。")),
    "demo.not_as_said": Message(
        N_("核对未通过：{what}。"),
        N_("改动过演示文件夹里的文件的，请加 --fresh 从头开始；没有改动过的，是程序的错误，请告诉维护人员。"),
    ),
    "demo.file_gone": Message(
        N_("演示文件夹里的 {file} 不见了，或者里面的文件不全，而后面的步骤已经用过它。"),
        N_("请把它放回原处；找不回来的，请加 --fresh 从头开始。"),
    ),
    "demo.report_damaged": Message(
        N_("演示的记录 {path} 已损坏，不能接着做。"), N_("请把完好的一份放回原处；没有的，请加 --fresh 从头开始。")
    ),
}
