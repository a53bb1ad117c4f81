#!/bin/sh
# What every blueprint must bring: the three pillars in the navigation; a
# department's, the basic and core categories of the catalogue; a township's,
# what its people live by.  The slugs are fixed: reports count by them.
#   blueprints.sh [DIR]    another folder, for the checker's own test
cd "$(dirname "$0")/../.." || exit 1
dir=${1:-sites/_base}
bad=0

# has FILE SLUG NAME-PATTERN [MORE]
has() {
    if ! grep -qE "\"slug\": \"$2\", \"name\": \"$3\".*$4" "$dir/$1"; then
        echo "$dir/$1: no column $2 ($3)"
        bad=1
    fi
}

for file in province city county township village department institution; do
    has $file.json xxgk 信息公开 '"nav": true'
    has $file.json bsfw '(办事|便民|公共)服务' '"nav": true'
    has $file.json hdjl 互动交流 '"nav": true'
done

while read -r file slug name; do
    has "$file.json" "$slug" "$name"
done <<'END'
department zn 部门职能
department ld 领导人介绍
department nsjg 内设机构
department zsjg 直属机构
department bmwj 部门文件
department zwhd 政务活动
department ghjh 规划计划
department hysj 行业数据
department xzxk 行政许可
department bscx 办事程序
department bssx 办事时限
department rsrm 人事任免
department tjgg 统计公告
department xwfb 新闻发布
department zfcg 政府采购
department ztbgg 招投标公告
department gzzd 工作制度
department bsjl 办事纪律
department jddh 监督投诉电话
township hnzc 惠农政策
township zcls 政策落实
township njnz 农技农资
township nsqx 农时气象
township js 集市信息
township btff 补贴发放
township ybsb 医保社保
township jyzg 就业招工
township cwsz 财务收支
township dbfw 代办服务
township myzd 民意直达
END

[ $bad = 0 ] && echo "the blueprints hold"
exit $bad
